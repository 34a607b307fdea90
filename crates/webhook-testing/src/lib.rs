#![doc = include_str!("../README.md")]

mod bench;
mod forgery;
mod mutation;
mod report;
mod request;
mod rows;
mod setup;
mod target;
mod url;

pub use bench::Bench;
pub use report::{Outcome, Report, Row};
pub use target::{Target, Tower, tower};
pub use url::{InvalidUrl, NoAnswer, Url, url};
