//! Definitions of custom fields.

use webhook_core::{Open, RawJson, Wire};

/// The definition of a custom field that was made, changed or removed.
///
/// Custom fields belong to the workspace, although the envelope names a project. Before, only `custom_field.created`
/// had more than an id.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/custom-field)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "custom_field.created")]
#[doc(alias = "custom_field.updated")]
#[doc(alias = "custom_field.deleted")]
pub struct CustomField {
    /// The id of the custom field in its workspace.
    #[wire(identity)]
    pub id: u64,
    /// The title.
    #[wire(optional)]
    pub title: Option<String>,
    /// Whether it must be filled in.
    #[wire(optional, rename = "isRequired", alias = "is_required")]
    pub is_required: Option<bool>,
    /// Whether one can filter by it.
    #[wire(optional, rename = "isFilterable", alias = "is_filterable")]
    pub is_filterable: Option<bool>,
    /// Whether it is shown.
    #[wire(optional, rename = "isVisible", alias = "is_visible")]
    pub is_visible: Option<bool>,
    /// What it holds when nobody fills it in, as text, also for a number.
    #[wire(optional, tolerated)]
    pub default_value: Option<String>,
    /// What one can choose from, as it came.
    ///
    /// **Trap:** this is mostly JSON inside a text. See [`choices`](Self::choices).
    #[wire(optional, nullable)]
    pub value: Option<RawJson>,
    /// What kind of values it takes.
    #[wire(optional, rename = "type")]
    pub kind: Option<Open<CustomFieldType>>,
    /// What it is a field of.
    #[wire(optional)]
    pub entity: Option<Open<CustomFieldEntity>>,
}

webhook_core::vocabulary! {
    /// What kind of values a custom field takes. The page of the webhooks knows the first five, the vendor's API all
    /// ten.
    pub enum CustomFieldType {
        /// A number.
        Number = "number",
        /// A line of text.
        String = "string",
        /// Text.
        Text = "text",
        /// One of several options.
        Selectbox = "selectbox",
        /// Yes or no.
        Checkbox = "checkbox",
        /// One of several options, all of them shown.
        Radio = "radio",
        /// Any of several options.
        Multiselect = "multiselect",
        /// A web address.
        Url = "url",
        /// A team member.
        User = "user",
        /// A date and time.
        Datetime = "datetime",
    }

    /// What a custom field is a field of.
    pub enum CustomFieldEntity {
        /// A test case.
        Case = "case",
        /// A defect.
        Defect = "defect",
        /// A test run.
        Run = "run",
    }
}

impl CustomField {
    /// What one can choose from, as JSON: taken out of the text where it came inside one. `None` when nothing came or
    /// the text is no JSON. The layout of a filled one is not documented.
    pub fn choices(&self) -> Option<RawJson> {
        let value = self.value.as_ref()?;
        match value.as_text() {
            Some(text) => RawJson::from_text(text).ok(),
            None => Some(value.clone()),
        }
    }
}
