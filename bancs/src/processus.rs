//! What the system counts of a process: its CPU time and its memory (`/proc`, Linux).

use std::time::Duration;

use anyhow::{Context, Result};

/// Length of the system's tick on every Linux in use (`getconf CLK_TCK`: 100).
const TICK: Duration = Duration::from_millis(10);

/// CPU time taken so far, all threads, program and system.
pub fn read_cpu(pid: u32) -> Result<Duration> {
    parse_cpu(&std::fs::read_to_string(format!("/proc/{pid}/stat"))?).context("/proc/PID/stat illisible")
}

/// Resident memory now and at its highest, in bytes.
pub fn read_memoire(pid: u32) -> Result<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let find = |name: &str| find_bytes(&status, name).with_context(|| format!("{name} manque dans /proc/{pid}/status"));
    Ok((find("VmRSS:")?, find("VmHWM:")?))
}

/// The name of the program, in parentheses, may hold spaces: fields are counted after it.
fn parse_cpu(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

/// Linux writes kB for 1 024 bytes.
fn find_bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    Some(line.split_ascii_whitespace().nth(1)?.parse::<u64>().ok()? * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_is_read_after_a_name_with_spaces() {
        let stat = "4242 (un (drôle) de nom) S 1 4242 4242 0 -1 4194560 900 0 0 0 150 25 0 0 20 0 3 0 100 1 2";
        assert_eq!(parse_cpu(stat), Some(Duration::from_millis(1_750)));
    }

    #[test]
    fn our_own_process_has_a_memory() {
        let (now, highest) = read_memoire(std::process::id()).expect("Linux");
        assert!(now > 0 && highest >= now);
    }
}
