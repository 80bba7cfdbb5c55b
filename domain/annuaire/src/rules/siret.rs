//! SIRET: an identifier that is checked and never trusted as a key.

/// Whether fourteen digits carry the Luhn key of a SIRET. La Poste's establishments follow a rule of their own
/// (the sum of the digits is a multiple of five).
pub fn is_plausible(siret: &str) -> bool {
    let digits: Vec<u32> = siret.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 14 || siret.chars().count() != 14 {
        return false;
    }
    let luhn: u32 = digits.iter().rev().enumerate().map(|(place, digit)| if place % 2 == 0 { *digit } else { doubled(*digit) }).sum();
    luhn.is_multiple_of(10) || (siret.starts_with("356000000") && digits.iter().sum::<u32>().is_multiple_of(5))
}

fn doubled(digit: u32) -> u32 {
    let twice = digit * 2;
    if twice > 9 { twice - 9 } else { twice }
}
