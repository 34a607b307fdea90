//! The dictionary of a fuzz target: the words in the types.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use webhook_core::describe::{Field, Shape};
use webhook_core::{Authenticated, Events, ForVendor};

use crate::vendor::{Vendor, chosen};

/// Keys, names of events, listed values, and the signs of JSON.
pub(crate) fn of_payloads(vendor: Option<Vendor>) -> String {
    let mut words = Words::default();
    for vendor in chosen(vendor) {
        vendor.run(&mut words);
    }
    for sign in
        ["null", "true", "false", "{}", "[]", "[{}]", "\"\"", "\\u0000", "\\ud800", "1e999", "-1", "0.5"]
    {
        words.0.insert(sign.to_owned());
    }
    words.written()
}

/// The headers, and what `xtask/fuzz` fills in for the vendor.
pub(crate) fn of_requests() -> String {
    let mut words = Words::default();
    let headers = Vendor::ALL.iter().filter_map(|vendor| vendor.authentication().header());
    words.0.extend(headers.map(str::to_owned));
    for word in
        ["{secret}", "{second}", "{sha1}", "{sha256}", "sha1=", "sha256=", "\n", "\n\n", ":", "?", "&", "/"]
    {
        words.0.insert(word.to_owned());
    }
    words.written()
}

#[derive(Default)]
struct Words(BTreeSet<String>);

/// Adds what an envelope and its payloads are made of.
impl ForVendor for &mut Words {
    type Output = ();

    fn run<W: Authenticated>(self) {
        self.quoted(W::NAME_KEY);
        self.quoted(W::PAYLOAD_KEY);
        self.fields(W::fields());
        for info in W::Event::CATALOGUE {
            self.quoted(info.name);
            if let Some(name) = W::Event::find(info.name) {
                self.shape(W::Event::payload_shape(name));
            }
        }
    }
}

impl Words {
    fn fields(&mut self, fields: &[Field]) {
        for field in fields {
            // A key that is known has been walked through, so what contains itself ends here.
            let new = self.quoted(field.name);
            for alias in field.aliases {
                self.quoted(alias);
            }
            if new {
                self.shape((field.shape)());
            }
        }
    }

    fn shape(&mut self, shape: Shape) {
        match shape {
            Shape::Vocabulary { listed, .. } => {
                for text in listed {
                    self.quoted(text);
                }
            }
            Shape::Object { fields, .. } => self.fields(fields()),
            Shape::List(element) | Shape::Map(element) | Shape::MapById(element) => self.shape(element()),
            Shape::OneOf(forms) => forms.iter().for_each(|form| self.shape(form())),
            _ => {}
        }
    }

    fn quoted(&mut self, text: &str) -> bool {
        self.0.insert(format!("\"{text}\""))
    }

    /// A line for each word. Every byte that is not a plain letter is written as a number.
    fn written(&self) -> String {
        let mut lines = String::new();
        for word in &self.0 {
            lines.push('"');
            for byte in word.bytes() {
                // Writing to a string cannot fail.
                let _ = match byte {
                    b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' => {
                        write!(lines, "{}", char::from(byte))
                    }
                    other => write!(lines, "\\x{other:02X}"),
                };
            }
            lines.push_str("\"\n");
        }
        lines
    }
}
