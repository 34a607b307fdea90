//! Definitions of custom fields.

use webhook_core::{Open, RawJson, Wire};

/// The definition of a custom field that was created, changed or removed.
///
/// Custom fields belong to the workspace, although the envelope names a project. In older deliveries, only
/// `custom_field.created` has more than an id.
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
    /// Whether a value is required.
    #[wire(optional, rename = "isRequired", alias = "is_required")]
    pub is_required: Option<bool>,
    /// Whether cases can be filtered by it.
    #[wire(optional, rename = "isFilterable", alias = "is_filterable")]
    pub is_filterable: Option<bool>,
    /// Whether it is shown.
    #[wire(optional, rename = "isVisible", alias = "is_visible")]
    pub is_visible: Option<bool>,
    /// The default value, as text, also for a number.
    #[wire(optional, tolerated)]
    pub default_value: Option<String>,
    /// The options to choose from, as raw JSON.
    ///
    /// **Trap:** this is usually JSON inside a string. See [`choices`](Self::choices).
    #[wire(optional, nullable)]
    pub value: Option<RawJson>,
    /// The type of its values.
    #[wire(optional, rename = "type")]
    pub kind: Option<Open<CustomFieldType>>,
    /// The kind of entity that has the field.
    #[wire(optional)]
    pub entity: Option<Open<CustomFieldEntity>>,
}

webhook_core::vocabulary! {
    /// The type of a custom field's values. The webhook page documents the first five, the vendor's API documents all
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

    /// The kind of entity that has a custom field.
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
    /// The options to choose from, as JSON. If they are sent as a string, the JSON inside it is returned. `None` if
    /// there is no value or the string is not JSON. The structure of a non-empty value is not documented.
    pub fn choices(&self) -> Option<RawJson> {
        let value = self.value.as_ref()?;
        match value.as_text() {
            Some(text) => RawJson::from_text(text).ok(),
            None => Some(value.clone()),
        }
    }
}
