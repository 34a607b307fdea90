//! The binary as a person and a vendor meet it: a process, its output, its exit status and its socket.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test may panic"
)]

mod attacks;
mod bad_payloads;
mod drift_log;
mod events;
mod folder;
mod help;
mod http;
mod inbox;
mod inbox_commands;
mod inspect;
mod limits;
mod listen_options;
mod listener;
#[cfg(unix)]
mod open_files;
mod otlp;
mod output;
mod output_faults;
mod process;
mod receive;
mod run;
mod sample;
mod secrecy;
mod secrets;
mod send;
mod send_print;
#[cfg(unix)]
mod shutdown;
mod streams;
mod vendors;
mod verify;
