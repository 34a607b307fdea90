//! Test cases.

use webhook_core::{Open, RawJson, Wire};

use crate::attachment::Attachment;
use crate::custom_field::CustomFieldType;
use crate::lenient::FlagOrHash;
use crate::system_field::SystemField;

/// A test case as a whole.
///
/// **Trap:** not sent are tags, parameters, the layer, the flaky flag, times, the author, and whether the steps are
/// Gherkin.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-case)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "case.created")]
pub struct TestCase {
    /// The id of the case within its project. The vendor's page calls it a title by mistake.
    #[wire(identity)]
    pub id: u64,
    /// The title.
    pub title: Option<String>,
    /// What the case is about, in Markdown.
    #[wire(nullable)]
    pub description: Option<String>,
    /// What must hold before the first step.
    #[wire(nullable)]
    pub preconditions: Option<String>,
    /// What must hold after the last step.
    #[wire(nullable)]
    pub postconditions: Option<String>,
    /// How urgent it is.
    pub priority: Option<SystemField>,
    /// How bad a failure is.
    pub severity: Option<SystemField>,
    /// Whether it tests what should work or what should not.
    pub behavior: Option<SystemField>,
    /// Functional, smoke and the like.
    #[wire(rename = "type")]
    pub kind: Option<SystemField>,
    /// Whether a person or a program runs it.
    pub automation: Option<SystemField>,
    /// Draft, actual and the like.
    pub status: Option<SystemField>,
    /// The suite that holds it; `None` outside any suite.
    #[wire(nullable)]
    pub suite_id: Option<u64>,
    /// The milestone it belongs to.
    #[wire(nullable)]
    pub milestone_id: Option<u64>,
    /// What to do, in order.
    pub steps: Vec<CaseStep>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// The values of custom fields.
    pub custom_fields: Vec<CaseFieldValue>,
}

/// A case that was edited, removed or copied.
///
/// **Trap:** one page of the vendor shows nothing but ids here, another says that the whole case is sent, so both
/// decode. What did not come can be read through the vendor's API: see [`has_only_ids`](Self::has_only_ids).
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-case)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "case.updated")]
#[doc(alias = "case.deleted")]
#[doc(alias = "case.cloned")]
pub struct CaseChange {
    /// The case, as far as it came: its id, and in newer deliveries the rest; of a copied case, the copy.
    #[wire(flatten, optional)]
    pub case: TestCase,
    /// The id of the original; in `case.cloned` only.
    #[wire(optional)]
    pub from_id: Option<u64>,
}

/// A step of a case.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct CaseStep {
    /// Its place among the steps, from 1.
    pub position: Option<u64>,
    /// What to do.
    pub action: Option<String>,
    /// What should then happen.
    pub expected_result: Option<String>,
    /// What to do it with.
    pub data: Option<String>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// Whether the step comes from a shared step: so it seems, the vendor does not explain it. A hash in its place
    /// counts as `true`.
    #[wire(with = FlagOrHash)]
    pub shared: Option<bool>,
    /// Steps inside this one. The product has them; whether webhooks carry them is not documented.
    #[wire(optional)]
    pub steps: Vec<CaseStep>,
}

/// The value of a custom field in a case; one without an id keeps its title and value.
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
pub struct CaseFieldValue {
    /// The id of the custom field in its workspace.
    #[wire(alias = "field_id")]
    pub id: Option<u64>,
    /// The title of the custom field.
    pub title: Option<String>,
    /// What kind of values the custom field takes.
    #[wire(rename = "type")]
    pub kind: Option<Open<CustomFieldType>>,
    /// The value as JSON.
    ///
    /// **Trap:** one text of the vendor calls it an object, and its samples have text even for a number. See
    /// [`text`](Self::text).
    pub value: Option<RawJson>,
}

impl CaseChange {
    /// Whether nothing but ids came: the lists of the case are then empty because they were not sent.
    pub fn has_only_ids(&self) -> bool {
        self.case == TestCase::new(self.case.id)
    }
}

impl CaseFieldValue {
    /// The value as text; `None` when there is none, or when it is an object or a list.
    ///
    /// Decimal digits for a number, the option's id for a select box or radio buttons, option ids joined by commas for
    /// a multiple selection, `1` or nothing for a checkbox, a member's id for a user.
    pub fn text(&self) -> Option<String> {
        let value = self.value.as_ref()?;
        match value.get().as_bytes().first()? {
            b'"' => value.as_text(),
            b'{' | b'[' | b'n' => None,
            _ => Some(value.get().to_owned()),
        }
    }
}
