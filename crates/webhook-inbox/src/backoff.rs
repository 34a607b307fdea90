//! The delay before the next attempt.

use std::time::Duration;

/// Exponential backoff with jitter.
///
/// The delay before attempt `n + 1` is random, between half and all of `first * factor^(n-1)`, and never above `max`.
/// So deliveries that failed together are not retried together.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Backoff {
    /// The delay after the first failure; one second by default.
    pub first: Duration,
    /// The factor by which it grows with each failure; 2 by default.
    pub factor: f64,
    /// The longest delay; one hour by default.
    pub max: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), factor: 2.0, max: Duration::from_secs(60 * 60) }
    }
}

impl Backoff {
    /// The same delay after every failure, apart from jitter.
    pub fn constant(wait: Duration) -> Self {
        Self { first: wait, factor: 1.0, max: wait }
    }

    /// The same backoff with another delay after the first failure.
    #[must_use]
    pub fn first(mut self, wait: Duration) -> Self {
        self.first = wait;
        self
    }

    /// The same backoff with another growth factor.
    #[must_use]
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    /// The same backoff with another longest delay.
    #[must_use]
    pub fn max(mut self, wait: Duration) -> Self {
        self.max = wait;
        self
    }

    /// The delay after this number of failed attempts.
    pub(crate) fn after(&self, attempts: u32) -> Duration {
        let growth = self.factor.max(1.0).powi(i32::try_from(attempts.saturating_sub(1)).unwrap_or(i32::MAX));
        let max = self.max.as_secs_f64();
        let wait = (self.first.as_secs_f64() * growth).min(max);
        let wait = if wait.is_finite() { wait } else { max };
        Duration::try_from_secs_f64(wait * (0.5 + fastrand::f64() / 2.0)).unwrap_or(self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_up_to_the_longest_and_keeps_its_jitter_within_a_half() {
        let backoff = Backoff::default();
        for attempts in 1..200 {
            let whole = Duration::from_secs(1)
                .saturating_mul(2_u32.checked_pow(attempts - 1).unwrap_or(u32::MAX))
                .min(backoff.max);
            let wait = backoff.after(attempts);
            assert!(wait <= whole && wait >= whole / 2, "{attempts}: {wait:?} of {whole:?}");
        }
        assert!(backoff.after(u32::MAX) <= backoff.max);
        assert!(Backoff::constant(Duration::MAX).after(1) >= Duration::MAX / 3);
        let waits: std::collections::BTreeSet<_> = (0..32).map(|_| backoff.after(3)).collect();
        assert!(waits.len() > 8, "the jitter is not one");
    }
}
