//! Defects.

use webhook_core::{Open, Wire};

use crate::attachment::Attachment;

/// A defect that was filed.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/defect)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "defect.created")]
pub struct Defect {
    /// The id of the defect within its project.
    #[wire(identity)]
    pub id: u64,
    /// The title.
    pub title: Option<String>,
    /// The severity.
    ///
    /// **Trap:** this is a slug here; a case has an object in its place, and a review a number. A number is kept as its
    /// text.
    #[wire(optional)]
    pub severity: Option<Open<DefectSeverity>>,
    /// The actual result: what happens instead of the expected behaviour.
    pub actual_result: Option<String>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// The case that found it. Sent until 2022 only.
    #[wire(optional)]
    pub case_id: Option<u64>,
    /// The step of the case that found it. Sent until 2022 only.
    #[wire(optional)]
    pub step: Option<u64>,
}

webhook_core::vocabulary! {
    /// The severity of a defect. The webhook page shows `normal`; the other values are from the vendor's API.
    pub enum DefectSeverity {
        /// Not set.
        Undefined = "undefined",
        /// Nothing can be used.
        Blocker = "blocker",
        /// Something central does not work.
        Critical = "critical",
        /// Something important does not work.
        Major = "major",
        /// The default severity.
        Normal = "normal",
        /// Has little effect.
        Minor = "minor",
        /// A cosmetic fault.
        Trivial = "trivial",
    }
}
