//! `cargo xtask schema`: schemas and documents for consumers in other languages and for people.

mod asyncapi;
mod canonical;
mod generators;
mod openapi;
mod page;
mod types;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;
use webhook_core::describe::{Field, Shape};
use webhook_core::{Authenticated, Authentication, EventInfo, Events, ForVendor, Scheme as _, schema};

use crate::generated::Mode;
use crate::samples::{main_case, shown};
use crate::vendor::{Vendor, chosen, workspace_root};

/// Write JSON Schemas, an OpenAPI document, an AsyncAPI document and a page that shows them into each vendor crate.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Change nothing; fail if anything is not up to date
    #[arg(long)]
    check: bool,
    /// Check that generated code accepts every delivery: needs Python, Node.js and the network, and installs the code
    /// generators in this folder
    #[arg(long, value_name = "FOLDER")]
    generators: Option<PathBuf>,
}

/// The name of the document for code generators.
const CANONICAL: &str = "canonical.openapi.json";

const FIX: &str = "cargo xtask schema";

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mode = Mode::from_check(arguments.check);
    for vendor in chosen(None) {
        let folder = vendor.crate_root().join("schema");
        let catalogue = Catalogue::of(vendor)?;
        let mut files: Vec<(PathBuf, String)> = Vec::new();
        for event in &catalogue.events {
            files.push((folder.join(format!("{}.json", event.info.name)), text(&event.document)?));
        }
        // One line for each document about all events of a vendor.
        files.push((folder.join("openapi.json"), text(&openapi::document(&catalogue))?));
        files.push((folder.join(CANONICAL), text(&canonical::document(&catalogue))?));
        files.push((folder.join("asyncapi.json"), text(&asyncapi::document(&catalogue))?));
        files.push((folder.join("index.html"), page::html(&catalogue)));
        // An event that is no longer listed takes its schema with it.
        mode.no_others(&folder, &files.iter().map(|(path, _)| path.clone()).collect(), FIX)?;
        for (path, text) in &files {
            mode.file(path, text, FIX)?;
        }
        let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
        println!("{}: {} files, {} KiB", vendor.name(), files.len(), bytes / 1024);
    }
    match &arguments.generators {
        Some(folder) => generators::run(&std::path::absolute(folder)?),
        None => Ok(()),
    }
}

fn text(value: &Value) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// Everything that is known about the deliveries of a vendor.
struct Catalogue {
    vendor: &'static str,
    envelope: Envelope,
    authentication: Authentication,
    content_type: Option<&'static str>,
    events: Vec<Event>,
    /// The schemas of the events' bodies in the order of `events`, and the types to which they refer.
    bodies: Vec<Value>,
    components: serde_json::Map<String, Value>,
}

/// What is around every event.
struct Envelope {
    doc: &'static str,
    fields: &'static [Field],
    name_key: &'static str,
    old_name_key: Option<&'static str>,
    payload_key: &'static str,
}

struct Event {
    info: EventInfo,
    payload: Shape,
    /// Whether the event means something without a payload.
    payload_optional: bool,
    /// Its schema as a document of its own.
    document: Value,
    /// The payload that stands for the event.
    sample: String,
    /// The same, parsed.
    example: Value,
}

impl Catalogue {
    fn of(vendor: Vendor) -> Result<Self> {
        vendor.run(CatalogueOf(vendor))
    }
}

/// The catalogue of the vendor with this name.
struct CatalogueOf(Vendor);

impl ForVendor for CatalogueOf {
    type Output = Result<Catalogue>;

    fn run<T: Authenticated>(self) -> Result<Catalogue> {
        let vendor = self.0;
        let fixtures = shown(vendor.fixtures()?);
        let mut definitions = schema::Definitions::at("#/components/schemas/");
        let (mut events, mut bodies) = (Vec::new(), Vec::new());
        for info in T::catalogue() {
            let name = T::Event::find(info.name).context("a listed event is not found by its name")?;
            let case = main_case(&fixtures, info.name)
                .with_context(|| format!("{} has no fixture; add one, then run: {FIX}", info.name))?;
            let path = format!("fixtures/{}/{}/{case}.json", vendor.name(), info.name);
            let sample = fs::read_to_string(workspace_root().join(&path))
                .with_context(|| format!("failed to read {path}"))?;
            let mut document =
                schema::event_document::<T>(info.name).context("a listed event has no schema")?;
            let example: Value =
                serde_json::from_str(&sample).with_context(|| format!("{path} is not JSON"))?;
            let keys = document.as_object_mut().context("a schema is no object")?;
            keys.insert("examples".to_owned(), Value::Array(vec![example.clone()]));
            bodies.push(
                schema::event::<T>(info.name, &mut definitions).context("a listed event has no schema")?,
            );
            events.push(Event {
                info: *info,
                payload: T::Event::payload_shape(name),
                payload_optional: info.identity().is_empty(),
                document,
                sample,
                example,
            });
        }
        Ok(Catalogue {
            vendor: T::VENDOR,
            envelope: Envelope {
                doc: T::DOC,
                fields: T::fields(),
                name_key: T::NAME_KEY,
                old_name_key: T::OLD_NAME_KEY,
                payload_key: T::PAYLOAD_KEY,
            },
            authentication: T::SCHEME.authentication(),
            content_type: T::CONTENT_TYPE,
            events,
            bodies,
            components: definitions.into_map(),
        })
    }
}
