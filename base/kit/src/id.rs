//! Identifiers of rows: UUID version 7, sortable by creation, safe to make on several machines at once.

use std::fmt;
use std::str::FromStr;

use sea_orm::Value;
use sea_orm::sea_query::Nullable;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Instant;

/// The identifier of one row; text of 36 characters in URLs and in both databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Uuid);

impl Id {
    /// A new identifier, dated `now`.
    pub fn new(now: Instant) -> Self {
        let seconds = u64::try_from(now.0).unwrap_or_default();
        Self(Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, 0)))
    }

    /// The same identifier for the same name, for ever: what lets an import find again what it wrote.
    pub fn from_name(name: &str) -> Self {
        Self(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
    }

    pub fn as_u128(self) -> u128 {
        self.0.as_u128()
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Id {
    type Err = crate::Error;

    /// What does not look like an identifier designates nothing: it is simply not found.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(Self).map_err(|_| crate::Error::NotFound)
    }
}

impl Nullable for Id {
    fn null() -> Value {
        Value::String(None)
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Self {
        Value::from(id.to_string())
    }
}
