//! Every event that Qase lists: one line each, from which names, dispatch, catalogue and documentation are made.

use webhook_core::events;

use crate::entity::{ClonedRef, EntityRef};
use crate::run::RunTotals;

events! {
    /// What happened in Qase.
    pub enum Event;

    /// The name of a listed event.
    pub enum EventName;

    page "https://docs.qase.io/general/webhooks/test-suite" {
        /// a suite was copied
        SuiteCloned(ClonedRef) = "suite.cloned", Documented;
    }

    page "https://docs.qase.io/general/webhooks/test-run" {
        /// a run was closed as complete
        RunCompleted(Box<RunTotals>) = "run.completed", Seen;
        /// a run was removed
        RunDeleted(EntityRef) = "run.deleted", Documented;
    }

    else {
        /// An event that no page describes.
        Unlisted;
    }
}
