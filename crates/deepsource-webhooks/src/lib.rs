#![doc = include_str!("../README.md")]

mod envelope;
mod event;

pub mod account;
pub mod analysis_run;
pub mod analyzer;
pub mod autofix_run;
pub mod delivery_rules;
pub mod issue;
pub mod legacy;
pub mod object;
pub mod repository;
pub mod repository_issue;
pub mod team_member;
pub mod test_event;

pub use envelope::{EventId, Webhook};
pub use event::{Event, EventName};
pub use object::{NodeId, RunUid};

pub use webhook_core::{
    DecodeError, DecodeErrorKind, Envelope, EventInfo, IdempotencyKey, Open, Peek, RawJson, Standing,
    UnlistedEvent, UnlistedText,
};
