//! Defects.

use std::fmt;

use strum::{EnumString, IntoStaticStr, VariantNames};
use webhook_core::serde::Serializer;
use webhook_core::serde::de::{Deserializer, Error, Visitor};
use webhook_core::shape::Shape;
use webhook_core::wire::{WireAs, any};
use webhook_core::{Open, Wire};

use crate::attachment::Attachment;

/// A defect that was filed.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/defect)
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
#[non_exhaustive]
#[doc(alias = "defect.created")]
pub struct Defect {
    /// The id of the defect within its project.
    pub id: u64,
    /// The title.
    pub title: Option<String>,
    /// How bad it is.
    ///
    /// **Trap:** this is a slug here, where a case has an object and a review a number. A number is kept as its text.
    #[wire(optional, with = SlugOrCode)]
    pub severity: Option<Open<DefectSeverity>>,
    /// What happens instead of what should.
    pub actual_result: Option<String>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// The case that found it; until 2022 only.
    #[wire(optional)]
    pub case_id: Option<u64>,
    /// The step of the case that found it; until 2022 only.
    #[wire(optional)]
    pub step: Option<u64>,
}

/// How bad a defect is. The page of the webhooks shows `normal`; the others are those of the vendor's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "lowercase")]
#[non_exhaustive]
pub enum DefectSeverity {
    /// Not set.
    Undefined,
    /// Nothing works.
    Blocker,
    /// Something central does not work.
    Critical,
    /// Something important does not work.
    Major,
    /// The usual.
    Normal,
    /// Hardly matters.
    Minor,
    /// A blemish.
    Trivial,
}

/// A severity by its slug, or by a number, which is kept as text.
struct SlugOrCode;

impl WireAs<Open<DefectSeverity>> for SlugOrCode {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Open<DefectSeverity>, D::Error> {
        struct Severity;

        impl Visitor<'_> for Severity {
            type Value = Open<DefectSeverity>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or an integer")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Open::from_text(text))
            }

            fn visit_u64<E: Error>(self, code: u64) -> Result<Self::Value, E> {
                Ok(Open::from_text(&code.to_string()))
            }

            fn visit_i64<E: Error>(self, code: i64) -> Result<Self::Value, E> {
                Ok(Open::from_text(&code.to_string()))
            }
        }

        any(deserializer, Severity)
    }

    fn encode<S: Serializer>(value: &Open<DefectSeverity>, serializer: S) -> Result<S::Ok, S::Error> {
        value.encode(serializer)
    }

    fn shape() -> Shape {
        Shape::OneOf(&[
            <Open<DefectSeverity> as Wire>::shape,
            <i64 as Wire>::shape,
            // Between them, every integer that JSON numbers are read as.
            <u64 as Wire>::shape,
        ])
    }
}
