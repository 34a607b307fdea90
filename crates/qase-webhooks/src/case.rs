//! Test cases.

use webhook_core::{Open, RawJson, Wire};

use crate::attachment::Attachment;
use crate::custom_field::CustomFieldType;
use crate::lenient::FlagOrHash;
use crate::system_field::SystemField;

/// A complete test case.
///
/// **Trap:** the vendor does not send tags, parameters, the layer, the flaky flag, times, the author, and whether the
/// steps are Gherkin.
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
    /// The conditions that must be met before the first step.
    #[wire(nullable)]
    pub preconditions: Option<String>,
    /// The conditions that must be met after the last step.
    #[wire(nullable)]
    pub postconditions: Option<String>,
    /// The priority.
    pub priority: Option<SystemField>,
    /// The severity of a failure.
    pub severity: Option<SystemField>,
    /// The behaviour: whether it is a positive or a negative test.
    pub behavior: Option<SystemField>,
    /// The type: functional, smoke and so on.
    #[wire(rename = "type")]
    pub kind: Option<SystemField>,
    /// The automation status: manual, automated or to be automated.
    pub automation: Option<SystemField>,
    /// The status: draft, actual and so on.
    pub status: Option<SystemField>,
    /// The suite that holds it; `None` outside any suite.
    #[wire(nullable)]
    pub suite_id: Option<u64>,
    /// The milestone it belongs to.
    #[wire(nullable)]
    pub milestone_id: Option<u64>,
    /// The steps, in order.
    pub steps: Vec<CaseStep>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// The values of custom fields.
    pub custom_fields: Vec<CaseFieldValue>,
}

/// A case that was edited, removed or copied.
///
/// **Trap:** one page of the vendor shows nothing but ids here, another says that the whole case is sent, so both forms
/// decode. Read missing values through the vendor's API: see [`has_only_ids`](Self::has_only_ids).
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-case)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "case.updated")]
#[doc(alias = "case.deleted")]
#[doc(alias = "case.cloned")]
pub struct CaseChange {
    /// The case: its id, and in newer deliveries the other fields. For a copied case, this is the copy.
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
    /// The position among the steps, starting at 1.
    pub position: Option<u64>,
    /// The action of the step.
    pub action: Option<String>,
    /// The expected result.
    pub expected_result: Option<String>,
    /// The test data of the step.
    pub data: Option<String>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// Whether the step comes from a shared step. This meaning is assumed: the vendor does not document it. A hash in
    /// its place is read as `true`.
    #[wire(with = FlagOrHash)]
    pub shared: Option<bool>,
    /// Nested steps. The product has them, but the vendor does not document whether webhooks contain them.
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
    /// The type of the custom field's values.
    #[wire(rename = "type")]
    pub kind: Option<Open<CustomFieldType>>,
    /// The value as JSON.
    ///
    /// **Trap:** one page of the vendor calls it an object, but its samples have text, even for a number. See
    /// [`text`](Self::text).
    pub value: Option<RawJson>,
}

impl CaseChange {
    /// Whether the payload has only ids. The lists of the case are then empty because they were not sent.
    pub fn has_only_ids(&self) -> bool {
        self.case == TestCase::new(self.case.id)
    }
}

impl CaseFieldValue {
    /// The value as text; `None` when there is none, or when it is an object or a list.
    ///
    /// The text depends on the type of the field. A number is decimal digits, and a checkbox is `1` or empty. A select
    /// box and radio buttons have the id of the option, a multiple selection has ids separated by commas. A user is the
    /// id of the member.
    pub fn text(&self) -> Option<String> {
        let value = self.value.as_ref()?;
        match value.get().as_bytes().first()? {
            b'"' => value.as_text(),
            b'{' | b'[' | b'n' => None,
            _ => Some(value.get().to_owned()),
        }
    }
}
