//! Closed lists of the field: each value has a stored code and a French label, side by side.

/// Declares such a list: `codes! { pub enum Mode { ADomicile = "a_domicile" => "à domicile" } }`.
/// The code is what is stored, put in URLs and exported; the label is what people read.
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal => $label:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every value, in the order in which people meet them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The words people read.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// The value stored under this word.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// All codes, for a message that says what could have been written.
            pub fn codes() -> String {
                Self::ALL.iter().map(|value| value.code()).collect::<Vec<_>>().join(", ")
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.code())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let code = <String as $crate::serde::Deserialize>::deserialize(from)?;
                let known = || <D::Error as $crate::serde::de::Error>::custom(format!("« {code} » : {}", Self::codes()));
                Self::from_code(&code).ok_or_else(known)
            }
        }
    };
}
