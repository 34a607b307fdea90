#![doc = include_str!("../README.md")]

mod envelope;
mod event;

pub mod entity;
pub mod run;

pub use envelope::{ProjectCode, Webhook};
pub use event::{Event, EventName};

pub use webhook_core::{
    DecodeError, DecodeErrorKind, Envelope, EventInfo, IdempotencyKey, Open, Peek, RawJson, Standing,
    UnlistedEvent, UnlistedText,
};
