#![doc = include_str!("../README.md")]

mod envelope;
mod event;
mod lenient;

pub mod attachment;
pub mod case;
pub mod custom_field;
pub mod defect;
pub mod delivery_rules;
pub mod entity;
pub mod milestone;
pub mod plan;
pub mod result;
pub mod review;
pub mod run;
pub mod shared_step;
pub mod suite;
pub mod system_field;

pub use envelope::{ProjectCode, Webhook};
pub use event::{Event, EventName};
pub use shared_step::SharedStepHash;

pub use webhook_core::{
    DecodeError, DecodeErrorKind, Envelope, EventInfo, IdempotencyKey, Open, Peek, RawJson, Standing,
    UnlistedEvent, UnlistedText,
};
