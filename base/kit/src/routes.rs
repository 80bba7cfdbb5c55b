//! The registry of routes. A route is declared once; who may call it is read from the first thing its handler takes,
//! so that a handler which does not say it does not compile.

use std::convert::Infallible;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::routing::{MethodRouter, get, post};

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acces {
    /// Anybody, signed in or not.
    Tous,
    /// Anybody of the team, once signed in.
    Equipe,
    /// Those of the team who hold this permission: its code.
    Droit(&'static str),
    /// Those who hold `droit`, on any object; those who hold `sien`, on what is theirs only. Both are codes.
    Objet { droit: &'static str, sien: &'static str },
    /// A platform that signs what it sends: no person, whatever their roles.
    Plateforme,
}

/// What a handler takes first: it lets the request in, or answers in its place.
pub trait Porte {
    fn acces() -> Acces;
}

/// Anybody: the handler looks neither at the territoire nor at the session.
#[derive(Clone, Copy, Debug)]
pub struct Tous;

impl Porte for Tous {
    fn acces() -> Acces {
        Acces::Tous
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Tous {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

/// The arguments of a handler whose first is a [`Porte`].
pub trait Gardee {
    fn acces() -> Acces;
}

macro_rules! gardee {
    ($($argument:ident),*) => {
        impl<M, P: Porte, $($argument),*> Gardee for (M, P, $($argument,)*) {
            fn acces() -> Acces {
                P::acces()
            }
        }
    };
}

gardee!();
gardee!(A);
gardee!(A, B);
gardee!(A, B, C);
gardee!(A, B, C, D);

/// One route, as the matrix of rights shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declaration {
    pub methode: &'static str,
    pub chemin: &'static str,
    pub acces: Acces,
}

/// Routes and what they declare, growing together.
#[derive(Clone, Debug)]
pub struct Routes<S = ()> {
    router: Router<S>,
    declarations: Vec<Declaration>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self { router: Router::new(), declarations: vec![] }
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn get<H: Handler<T, S>, T: Gardee + 'static>(self, chemin: &'static str, handler: H) -> Self {
        self.declare("GET", chemin, T::acces(), get(handler))
    }

    pub fn post<H: Handler<T, S>, T: Gardee + 'static>(self, chemin: &'static str, handler: H) -> Self {
        self.declare("POST", chemin, T::acces(), post(handler))
    }

    /// A POST whose body may weigh up to `bytes`, beyond what other routes take.
    pub fn post_file<H: Handler<T, S>, T: Gardee + 'static>(self, chemin: &'static str, handler: H, bytes: usize) -> Self {
        self.declare("POST", chemin, T::acces(), post(handler).layer(axum::extract::DefaultBodyLimit::max(bytes)))
    }

    fn declare(mut self, methode: &'static str, chemin: &'static str, acces: Acces, handler: MethodRouter<S>) -> Self {
        self.declarations.push(Declaration { methode, chemin, acces });
        Self { router: self.router.route(chemin, handler), ..self }
    }

    pub fn with_state<T>(self, state: S) -> Routes<T> {
        Routes { router: self.router.with_state(state), declarations: self.declarations }
    }

    pub fn merge(mut self, other: Self) -> Self {
        self.declarations.extend(other.declarations);
        Self { router: self.router.merge(other.router), ..self }
    }

    /// Puts something around the routes; what they declare does not change.
    pub fn around(self, wrap: impl FnOnce(Router<S>) -> Router<S>) -> Self {
        Self { router: wrap(self.router), ..self }
    }

    pub fn declarations(&self) -> &[Declaration] {
        &self.declarations
    }

    pub fn into_router(self) -> Router<S> {
        self.router
    }
}
