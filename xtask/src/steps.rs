//! Named steps, each timed; the table of times is printed when the last one ends, or the first one fails.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

#[derive(Default)]
pub struct Steps {
    times: Vec<(String, Duration)>,
}

impl Steps {
    pub fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("▸ {name}");
        let start = Instant::now();
        let result = work();
        self.times.push((name.to_string(), start.elapsed()));
        result.with_context(|| format!("stopped at « {name} »"))
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        print!("\n{}", table(&self.times));
    }
}

fn table(times: &[(String, Duration)]) -> String {
    let total = ("total".to_string(), times.iter().map(|(_, time)| *time).sum());
    let width = times.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).max(5);
    let mut table = String::new();
    for (name, time) in times.iter().chain([&total]) {
        // Writing into a String cannot fail.
        let _ = writeln!(table, "  {name:width$}  {:>10}", seconds(*time));
    }
    table
}

fn seconds(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    match tenths / 600 {
        0 => format!("{}.{} s", tenths / 10, tenths % 10),
        minutes => format!("{minutes} min {:02} s", tenths / 10 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_aligns_names_and_ends_with_the_total() {
        let times = [("clippy".to_string(), Duration::from_millis(59_990)), ("tests".to_string(), Duration::from_secs(65))];
        assert_eq!(table(&times), "  clippy      59.9 s\n  tests   1 min 05 s\n  total   2 min 04 s\n");
    }
}
