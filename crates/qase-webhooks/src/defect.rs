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
    /// How bad it is.
    ///
    /// **Trap:** this is a slug here, where a case has an object and a review a number. A number is kept as its text.
    #[wire(optional)]
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

webhook_core::vocabulary! {
    /// How bad a defect is. The page of the webhooks shows `normal`; the others are those of the vendor's API.
    pub enum DefectSeverity {
        /// Not set.
        Undefined = "undefined",
        /// Nothing works.
        Blocker = "blocker",
        /// Something central does not work.
        Critical = "critical",
        /// Something important does not work.
        Major = "major",
        /// The usual.
        Normal = "normal",
        /// Hardly matters.
        Minor = "minor",
        /// A blemish.
        Trivial = "trivial",
    }
}
