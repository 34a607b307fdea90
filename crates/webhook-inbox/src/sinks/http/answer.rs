//! The outcome of a delivery for each answer.

use std::time::{Duration, SystemTime};

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use crate::consumer::Outcome;

/// How long a sink is paused after an answer of 410 (gone).
pub const GONE_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest `Retry-After` that is used; a longer one is reduced to it.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// The number of bytes of an answer's body that are read for the note of the attempt.
pub const MAX_ANSWER_BYTES: usize = 1024;

/// The outcome of an attempt that got an answer.
pub(super) fn outcome(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Outcome {
    let body = String::from_utf8_lossy(body);
    let note = match body.trim() {
        "" => status.to_string(),
        body => format!("{status}: {body}"),
    };
    if status.is_success() {
        return Outcome::done().note(note);
    }
    if status == StatusCode::GONE {
        return Outcome::pause_sink(GONE_PAUSE).note(note);
    }
    if status.is_redirection() {
        return Outcome::retry().note(format!("{status}: redirects are not followed"));
    }
    let wait =
        headers.get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?, SystemTime::now()));
    match wait {
        Some(wait) => Outcome::retry_after(wait).note(note),
        None => Outcome::retry().note(note),
    }
}

/// The delay that a header requests, in seconds or until a date; `None` if there is none.
fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number with too many digits is a long time.
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        httpdate::parse_http_date(value).ok()?.duration_since(now).ok()?
    };
    (!wait.is_zero()).then_some(wait.min(MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_a_number_of_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        let after = |value| retry_after(value, now).map(|wait| wait.as_secs());
        assert_eq!(after("120"), Some(120));
        assert_eq!(after("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
        assert_eq!(after("99999999999999999999999"), Some(24 * 60 * 60));
        for none in ["0", "", "-1", "soon", "1.5", "Sun, 06 Nov 1994 08:48:37 GMT"] {
            assert_eq!(after(none), None, "{none}");
        }
    }
}
