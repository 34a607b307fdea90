//! Explains why no token in a URL matches.

use super::Cause;
use crate::receive::request_head::RequestHead;
use crate::receive::scheme::{UrlTokens, candidates};

impl UrlTokens {
    /// What is wrong with a request that was rejected.
    pub(super) fn explain(&self, head: &impl RequestHead) -> Vec<Cause> {
        let Some(target) = head.target() else {
            return vec![Cause::TargetUnknown];
        };
        let mut candidates = candidates(target).peekable();
        if candidates.peek().is_none() {
            return vec![Cause::TokenMissing];
        }
        let cause = candidates.find_map(|candidate| self.0.nearly(candidate.as_bytes()));
        vec![cause.unwrap_or(Cause::Wrong)]
    }
}
