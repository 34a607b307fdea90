//! The features of a vendor crate, with what its manifest says of each.

use std::fmt::Write as _;

use anyhow::Result;

use crate::features::features;
use crate::vendor::Vendor;

pub(crate) fn section(vendor: Vendor) -> Result<String> {
    let mut text = String::from("| feature | what it adds |\n|---|---|\n");
    for (name, meaning) in features(&vendor.package())? {
        writeln!(text, "| `{name}` | {meaning} |")?;
    }
    Ok(text)
}
