//! The admin page as a person, a browser, a collector of metrics and an attacker meet it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test may panic"
)]

mod access;
mod browser;
mod curl;
mod deploy;
mod health;
mod load;
mod pages;
mod process;
mod run;
mod store;
mod views;
