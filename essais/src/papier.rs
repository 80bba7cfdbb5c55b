//! PDFs read back by a program that did not write them.

use std::io::Write;
use std::process::{Command, Stdio};

/// The text of a PDF, as `pdftotext` reads it; each run of blanks is one space.
pub fn read_pdf(pdf: &[u8]) -> String {
    let mut command = Command::new("pdftotext");
    let mut reader =
        command.args(["-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("pdftotext, installed by the setup");
    let mut input = reader.stdin.take().expect("its input");
    input.write_all(pdf).expect("a PDF is taken whole");
    drop(input);
    let output = reader.wait_with_output().expect("its answer");
    assert!(output.status.success(), "not a PDF: {:?}", String::from_utf8_lossy(&pdf[..pdf.len().min(200)]));
    String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
}
