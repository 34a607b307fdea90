//! The body to send: a sample or a file, with values replaced.

use std::path::Path;

use serde_json::Value;
use serde_json::value::RawValue;
use webhook_core::drift::{self, DriftKind};
use webhook_core::{Authenticated, ForVendor};

use super::Arguments;
use super::set::Assignment;
use crate::captured;
use crate::input::{name, read};
use crate::nearest::did_you_mean;
use crate::output::plain;
use crate::report::{unrecognised, without_positions};
use crate::sample::choose;
use crate::vendor::Vendor;

/// The sample that the command line names.
pub(super) fn of_sample(arguments: &Arguments) -> Result<(Vendor, String), String> {
    // clap requires both.
    let (Some(vendor), Some(event)) = (arguments.vendor, &arguments.event) else {
        return Err("name a vendor and an event, or a --file".to_owned());
    };
    choose(vendor, event, arguments.case.as_deref()).map(|sample| (vendor, sample.body.to_owned()))
}

/// The payload in a file, which must be a webhook, of this vendor and this event if they are given.
pub(super) fn of_file(
    file: &Path,
    vendor: Option<Vendor>,
    event: Option<&str>,
) -> Result<(Vendor, String), String> {
    let bytes = read(file)?;
    let file = name(file);
    let body = captured::body(&bytes).map_err(|error| format!("{file} is not a request: {error}"))?;
    let not_a_webhook = |reason: &str| format!("{file} is not a webhook: {reason}");
    let body = std::str::from_utf8(body).map_err(|_| not_a_webhook("not UTF-8"))?;
    if let Err(error) = serde_json::from_str::<&RawValue>(body) {
        return Err(not_a_webhook(&if body.trim_ascii().is_empty() {
            "it is empty".to_owned()
        } else {
            format!("not well-formed JSON, {error}")
        }));
    }
    let listed = Vendor::of_listed_event(body.as_bytes()).map(|(vendor, _)| vendor);
    let recognised = listed.or_else(|| Vendor::of_body(body.as_bytes()));
    let Some(vendor) = vendor.or(recognised) else {
        let reason = unrecognised(body.as_bytes()).replace("with --vendor", "before --file");
        return Err(not_a_webhook(&reason));
    };
    let not_of_vendor = |reason: &str| format!("{file} is not a webhook of {}: {reason}", vendor.name());
    if let Some(other) = listed.filter(|other| *other != vendor) {
        return Err(not_of_vendor(&format!("it is one of {}", other.name())));
    }
    let found = vendor.run(EventIn(body)).map_err(|reason| not_of_vendor(&reason))?;
    match event {
        Some(event) if event != found => {
            Err(format!("{file} holds the event `{}`, not `{}`", plain(&found), plain(event)))
        }
        _ => Ok((vendor, body.to_owned())),
    }
}

/// The name of the event in a body.
struct EventIn<'a>(&'a str);

impl ForVendor for EventIn<'_> {
    type Output = Result<String, String>;

    fn run<W: Authenticated>(self) -> Self::Output {
        let front = W::peek(self.0.as_bytes()).map_err(|error| format!("expected {}", error.expected()))?;
        Ok(front.name().to_owned())
    }
}

/// The paths of a body that the type of its event does not know.
struct UnknownPaths<'a>(&'a str);

impl ForVendor for UnknownPaths<'_> {
    type Output = Vec<String>;

    fn run<W: Authenticated>(self) -> Vec<String> {
        let drift = drift::of::<W>(self.0.as_bytes()).into_iter();
        drift.filter(|drift| drift.kind == DriftKind::UnknownField).map(|drift| drift.path).collect()
    }
}

/// A warning if the path that was set is not in the type of the event.
pub(super) fn unknown_path(
    vendor: Vendor,
    assignment: &Assignment,
    before: &str,
    after: &str,
) -> Option<String> {
    let known = vendor.run(UnknownPaths(before));
    // If the name of the event is changed, another type is used, so its unknown paths are not reported.
    let set_there =
        |path: &String| path.starts_with(assignment.path()) || assignment.path().starts_with(path.as_str());
    let path =
        vendor.run(UnknownPaths(after)).into_iter().find(|path| !known.contains(path) && set_there(path))?;
    let event = plain(&vendor.run(EventIn(after)).ok()?);
    let meant = did_you_mean_path(vendor, &event, &path);
    let set = plain(assignment.path());
    Some(format!("--set {set}: the type of {event} has no `{}`{meant}", plain(&path)))
}

/// The path in a sample of the event that was probably meant: another key of the same object.
fn did_you_mean_path(vendor: Vendor, event: &str, path: &str) -> String {
    let path = without_positions(path);
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", &path));
    let mut known = Vec::new();
    for sample in vendor.samples().iter().filter(|sample| sample.event == event) {
        if let Ok(json) = serde_json::from_str(sample.body) {
            collect(&json, String::new(), &mut known);
        }
    }
    let siblings = known.iter().filter_map(|path| {
        let (found, key) = path.rsplit_once('.').unwrap_or(("", path));
        (found == parent).then_some(key)
    });
    let separator = if parent.is_empty() { "" } else { "." };
    let whole = siblings.map(|key| (key, format!("{parent}{separator}{key}"))).collect::<Vec<_>>();
    match crate::nearest::nearest(key, whole.iter().map(|(key, _)| *key)) {
        Some(near) => {
            did_you_mean(&format!("{parent}{separator}{near}"), whole.iter().map(|(_, path)| path.as_str()))
        }
        None => String::new(),
    }
}

/// Every path in a payload, without positions in lists.
fn collect(json: &Value, path: String, paths: &mut Vec<String>) {
    match json {
        Value::Object(object) => {
            for (key, value) in object {
                let separator = if path.is_empty() { "" } else { "." };
                collect(value, format!("{path}{separator}{key}"), paths);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, format!("{path}[]"), paths)),
        _ => {}
    }
    paths.push(path);
}
