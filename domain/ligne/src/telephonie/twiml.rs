//! What the platform is told to do with a call: TwiML, written so that nothing typed by somebody can become an instruction.

use std::fmt::Write;

/// An answer being written.
#[derive(Clone, Debug, Default)]
pub struct Twiml(String);

/// How long a message may last, in seconds: what is kept of it holds within five megabytes.
const MESSAGE_MAXIMUM: u32 = 180;
/// A voice that stays silent has finished.
const SILENCE: u32 = 5;
/// How long a telephone rings before the next one does.
pub const SONNERIE: u32 = 20;

impl Twiml {
    /// Said in French.
    pub fn say(self, text: &str) -> Self {
        self.add(format_args!("<Say language=\"fr-FR\">{}</Say>", escape(text)))
    }

    /// Makes a telephone ring, then asks `next` what to do; the number shown is that of the line.
    pub fn dial(self, numero: &str, ligne: &str, next: &str) -> Self {
        self.add(format_args!(
            "<Dial timeout=\"{SONNERIE}\" callerId=\"{}\" action=\"{}\" method=\"POST\"><Number>{}</Number></Dial>",
            escape(&kit::telephone::dial(ligne)),
            escape(next),
            escape(&kit::telephone::dial(numero))
        ))
    }

    /// Keeps the caller waiting a moment, then asks `next` what to do.
    pub fn wait(self, seconds: u32, next: &str) -> Self {
        self.add(format_args!("<Pause length=\"{seconds}\"/><Redirect method=\"POST\">{}</Redirect>", escape(next)))
    }

    /// Records a message, told to `done` whether the caller hangs up or stops talking.
    pub fn record(self, done: &str) -> Self {
        self.add(format_args!(
            "<Record maxLength=\"{MESSAGE_MAXIMUM}\" timeout=\"{SILENCE}\" playBeep=\"true\" trim=\"trim-silence\" action=\"{}\" method=\"POST\"/>",
            escape(done)
        ))
    }

    /// An SMS in answer to the one that came.
    pub fn message(self, text: &str) -> Self {
        self.add(format_args!("<Message>{}</Message>", escape(text)))
    }

    pub fn hang_up(self) -> Self {
        self.add(format_args!("<Hangup/>"))
    }

    fn add(mut self, verb: std::fmt::Arguments<'_>) -> Self {
        // Writing in a String does not fail.
        let _infallible = self.0.write_fmt(verb);
        self
    }

    pub fn finish(self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{}</Response>", self.0)
    }
}

/// XML refuses control characters even when they are escaped: they are left out.
fn escape(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&apos;"),
            other => written.push(other),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_never_becomes_an_instruction() {
        let said = Twiml::default().say("<Dial>+33899</Dial> & \"l’accueil\"\u{7}").finish();
        assert!(said.contains("&lt;Dial&gt;+33899&lt;/Dial&gt; &amp; &quot;l’accueil&quot;</Say>") && !said.contains("<Dial>"), "{said}");
    }
}
