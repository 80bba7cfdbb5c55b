//! How many connections each address holds.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use super::Limites;

/// The connections held, by address; cloning shares the count.
#[derive(Clone)]
pub struct Adresses {
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
    limit: usize,
    exempt: Arc<[IpAddr]>,
}

/// One connection of an address, given back when dropped.
pub struct Share {
    adresses: Adresses,
    adresse: Option<IpAddr>,
}

impl Adresses {
    pub fn new(limites: &Limites) -> Self {
        Self { held: Arc::default(), limit: limites.connexions_par_adresse, exempt: limites.mandataires.as_slice().into() }
    }

    /// Counts one more connection, unless the address already holds its fill.
    pub fn take(&self, peer: IpAddr) -> Option<Share> {
        let peer = peer.to_canonical();
        if self.exempt.contains(&peer) {
            return Some(Share { adresses: self.clone(), adresse: None });
        }
        let adresse = network(peer);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(adresse).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(Share { adresses: self.clone(), adresse: Some(adresse) })
    }
}

/// In IPv6 one customer has a whole /64: counting its addresses one by one would count nothing.
pub fn network(adresse: IpAddr) -> IpAddr {
    match adresse {
        IpAddr::V4(_) => adresse,
        IpAddr::V6(six) => Ipv6Addr::from(u128::from(six) & (u128::MAX << 64)).into(),
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let Some(adresse) = self.adresse else { return };
        let mut held = self.adresses.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&adresse) {
            *count -= 1;
            if *count == 0 {
                held.remove(&adresse);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adresses() -> Adresses {
        Adresses::new(&Limites { connexions_par_adresse: 2, mandataires: vec![[10, 0, 0, 1].into()], ..Limites::default() })
    }

    #[test]
    fn an_address_has_so_many_connections_and_gets_them_back() {
        let adresses = adresses();
        let first = adresses.take([192, 0, 2, 1].into());
        let second = adresses.take([192, 0, 2, 1].into());
        assert!(first.is_some() && second.is_some());
        assert!(adresses.take([192, 0, 2, 1].into()).is_none());
        assert!(adresses.take([192, 0, 2, 2].into()).is_some());
        drop(first);
        assert!(adresses.take([192, 0, 2, 1].into()).is_some());
        drop(second);
        assert!(adresses.held.lock().unwrap().is_empty(), "an address gone leaves nothing behind");
    }

    #[test]
    fn a_reverse_proxy_is_not_counted() {
        let adresses = adresses();
        let held: Vec<_> = (0..50).map(|_| adresses.take([10, 0, 0, 1].into())).collect();
        assert!(held.iter().all(Option::is_some));
        assert!(adresses.take("::ffff:10.0.0.1".parse().unwrap()).is_some(), "the same, as a dual-stack socket names it");
    }

    #[test]
    fn a_customer_in_ipv6_is_its_whole_network() {
        let adresses = adresses();
        let _held = [adresses.take("2001:db8::1".parse().unwrap()), adresses.take("2001:db8::2".parse().unwrap())];
        assert!(adresses.take("2001:db8::3".parse().unwrap()).is_none());
        assert!(adresses.take("2001:db8:0:1::1".parse().unwrap()).is_some());
    }
}
