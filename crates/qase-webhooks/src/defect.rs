//! Defects.

use strum::{EnumString, IntoStaticStr, VariantNames};
use webhook_core::{Open, Wire};

use crate::attachment::Attachment;
use crate::lenient::SlugOrCode;

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
