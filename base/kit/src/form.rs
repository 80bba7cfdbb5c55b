//! What a form says back when it could not be read: a sentence beside each field, the typed values kept.

/// One sentence about one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The `name` of the field, to which the page links.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

/// All that is wrong with a form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    pub fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(FieldError { field, message: message.into() });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }

    /// The sentence to show beside `field`.
    pub fn about(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }

    /// All sentences as one text, for those who did not send a form.
    pub fn sentence(&self) -> String {
        self.0.iter().map(|error| format!("{} : {}", error.field, error.message)).collect::<Vec<_>>().join(" ")
    }
}
