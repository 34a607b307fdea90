//! Why no token of a URL is the expected one.

use super::UrlToken;
use crate::explain::Cause;
use crate::receive::request_head::RequestHead;

impl UrlToken {
    /// What is the matter with a request that [`verify`](Self::verify) turned away.
    pub(crate) fn explain(&self, head: &impl RequestHead) -> Vec<Cause> {
        let Some(target) = head.target() else {
            return vec![Cause::TargetUnknown];
        };
        let mut candidates = super::candidates(target).peekable();
        if candidates.peek().is_none() {
            return vec![Cause::TokenMissing];
        }
        if self.0.is_empty() {
            return vec![Cause::NoSecret];
        }
        let cause = candidates.find_map(|candidate| self.0.nearly(candidate.as_bytes()));
        vec![cause.unwrap_or(Cause::Wrong)]
    }
}
