//! Audit templates.

use webhook_core::Wire;

/// The template that an event is about.
///
/// **Trap:** the key of the id is `id` here. The events of audits and corrective actions use `auditId` and
/// `correctiveActionId`.
///
/// [Vendor page](https://developer.monitorqa.com/#/webhook)
#[derive(Debug, Clone, PartialEq, Wire)]
#[non_exhaustive]
#[doc(alias = "TEMPLATE_CREATED")]
#[doc(alias = "TEMPLATE_DELETED")]
pub struct TemplateData {
    /// The id of the template.
    #[wire(identity, alias = "templateId")]
    pub id: TemplateId,
    /// The name of the template.
    pub name: Option<String>,
}

webhook_core::text_id! {
    /// The id of an audit template.
    pub struct TemplateId;
}
