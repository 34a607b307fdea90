//! Whether a value without elements fits a shape, determined by the code that reads it.

use crate::describe::Shape;
use crate::json::{NotJson, Reader};
use crate::wire::{TimeReading, Wire, read_id, read_text, time_reading};

/// How a value fits a shape that is not a list, map or object, the best fit last.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    Unusable,
    Unlisted,
    Fits,
}

/// The meaning of an empty value where an object, a list, a map or a time is expected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Empty {
    /// In a field, one of the spellings of nothing.
    IsNothing,
    /// In a list or a map, an element that cannot be read.
    IsLeftOut,
}

/// How a value without elements fits a shape, determined by the code that reads it.
pub(super) fn fit(shape: Shape, empty: Empty, json: &mut Reader<'_>) -> Result<Fit, NotJson> {
    let is_expected = empty == Empty::IsNothing;
    let reads = |reads: bool| if reads { Fit::Fits } else { Fit::Unusable };
    let listed = |listed: Option<bool>| match listed {
        Some(true) => Fit::Fits,
        Some(false) => Fit::Unlisted,
        None => Fit::Unusable,
    };
    Ok(match shape {
        Shape::Any => Fit::Fits,
        Shape::Text => reads(read_text(json)?.is_some()),
        Shape::Id => reads(read_id(json)?.is_some()),
        Shape::Integer { min: 0 } => reads(u64::read(json)?.is_some()),
        Shape::Integer { .. } => reads(i64::read(json)?.is_some()),
        Shape::Number => reads(f64::read(json)?.is_some()),
        Shape::Boolean => reads(bool::read(json)?.is_some()),
        Shape::UnixSeconds | Shape::Time => {
            let reading = time_reading(json)?;
            reads(matches!(reading, TimeReading::Time(_)) || (reading == TimeReading::Nothing && is_expected))
        }
        Shape::Vocabulary { accepts, .. } => listed(read_text(json)?.map(|text| accepts(&text))),
        Shape::Codes { listed: codes, .. } => listed(i64::read(json)?.map(|code| codes.contains(&code))),
        Shape::List(_) | Shape::Map(_) | Shape::MapById(_) | Shape::Object { .. } => {
            reads(is_expected && is_nothing(json)?)
        }
        Shape::OneOf(forms) => {
            let mut best = Fit::Unusable;
            for form in forms {
                best = best.max(fit(form(), empty, &mut json.clone())?);
            }
            best
        }
    })
}

/// Whether the value is one of the ways to write an empty list or object: `false`, `""`, `[]`.
fn is_nothing(json: &mut Reader<'_>) -> Result<bool, NotJson> {
    let text = json.raw()?;
    let list = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    Ok(matches!(text, "false" | "\"\"") || list.is_some_and(|elements| elements.trim_ascii().is_empty()))
}
