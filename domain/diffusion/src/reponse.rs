//! An answer that a reader may already have: its fingerprint, its date, and 304 when nothing changed.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use kit::secret::fingerprint;
use kit::{DATA_ONLY, Instant, Result};
use serde::Serialize;

/// What a reader keeps is asked for again each time: it costs a header when nothing changed.
const FRESH: (HeaderName, &str) = (header::CACHE_CONTROL, "no-cache");
/// Public data, read by the pages of anybody.
const ANYBODY: (HeaderName, &str) = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");

/// JSON, or 304.
pub fn json(asked: &HeaderMap, modified: Instant, body: &impl Serialize) -> Result<Response> {
    let body = serde_json::to_string(body).map_err(anyhow::Error::from)?;
    let tag = format!("\"{}\"", &fingerprint(&body)[..32]);
    let dated = [(header::ETAG, tag.clone()), (header::LAST_MODIFIED, write_date(modified))];
    if is_known(asked, &tag, modified) {
        return Ok((StatusCode::NOT_MODIFIED, DATA_ONLY, [FRESH, ANYBODY], dated).into_response());
    }
    Ok((DATA_ONLY, [FRESH, ANYBODY, (header::CONTENT_TYPE, "application/json")], dated, body).into_response())
}

/// Whether the reader has it already: a fingerprint, when it gives one, is the only thing that counts (RFC 9110).
pub fn is_known(asked: &HeaderMap, tag: &str, modified: Instant) -> bool {
    let text = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    match text(header::IF_NONE_MATCH) {
        Some(tags) => {
            tags.split(',').any(|one| matches!(one.trim().trim_start_matches("W/"), "*") || one.trim().trim_start_matches("W/") == tag)
        }
        None => text(header::IF_MODIFIED_SINCE)
            .and_then(|since| DateTime::parse_from_rfc2822(since).ok())
            .is_some_and(|since| modified.0 > 0 && modified.0 <= since.timestamp()),
    }
}

/// « Sun, 22 Nov 2026 10:00:00 GMT ».
pub fn write_date(at: Instant) -> String {
    DateTime::from_timestamp(at.0, 0).unwrap_or_default().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_counts_more_than_a_date() {
        let at = Instant(1_794_913_200);
        let asked = |name: HeaderName, value: &str| HeaderMap::from_iter([(name, value.parse().unwrap())]);
        assert!(is_known(&asked(header::IF_NONE_MATCH, "\"a\", W/\"b\""), "\"b\"", at));
        assert!(!is_known(&asked(header::IF_NONE_MATCH, "\"a\""), "\"b\"", at));
        assert!(is_known(&asked(header::IF_MODIFIED_SINCE, &write_date(at)), "\"b\"", at));
        assert!(!is_known(&asked(header::IF_MODIFIED_SINCE, &write_date(at.plus_seconds(-1))), "\"b\"", at));
        assert!(!is_known(&asked(header::IF_MODIFIED_SINCE, "hier"), "\"b\"", at) && !is_known(&HeaderMap::new(), "\"b\"", at));
        assert_eq!(write_date(at), "Tue, 17 Nov 2026 11:00:00 GMT");
    }
}
