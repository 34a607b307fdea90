//! The parts that all objects have: an id and the name of their type.

webhook_core::text_id! {
    /// The id of an object in DeepSource: opaque text.
    ///
    /// **Trap:** it looks like base64, but the decoded names differ from the public names. Do not decode it.
    pub struct NodeId;

    /// The id of an analysis run or of an Autofix run, as in the URLs of the dashboard.
    ///
    /// **Trap:** it is a UUID in practice, but some samples of the vendor are not UUIDs, so it is not parsed.
    pub struct RunUid;
}

webhook_core::vocabulary! {
    /// The type of an object, from its key `object`.
    ///
    /// The position of an object determines its type, so decoding does not use this value.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
    pub enum ObjectType {
        /// [`AnalysisRun`](crate::analysis_run::AnalysisRun)
        AnalysisRun = "AnalysisRun",
        /// [`AnalysisRunSummary`](crate::analysis_run::AnalysisRunSummary)
        AnalysisRunSummary = "AnalysisRunSummary",
        /// [`AnalyzerDistribution`](crate::analysis_run::AnalyzerDistribution)
        OccurrenceDistributionByAnalyzer = "OccurrenceDistributionByAnalyzer",
        /// [`CategoryDistribution`](crate::analysis_run::CategoryDistribution)
        OccurrenceDistributionByCategory = "OccurrenceDistributionByCategory",
        /// [`Check`](crate::analysis_run::Check)
        Check = "Check",
        /// [`CheckSummary`](crate::analysis_run::CheckSummary)
        CheckSummary = "CheckSummary",
        /// [`Analyzer`](crate::analyzer::Analyzer)
        Analyzer = "Analyzer",
        /// [`Repository`](crate::repository::Repository)
        Repository = "Repository",
        /// [`Account`](crate::account::Account)
        Account = "Account",
        /// [`AutofixRun`](crate::autofix_run::AutofixRun)
        AutofixRun = "AutofixRun",
        /// [`Issue`](crate::issue::Issue)
        Issue = "Issue",
        /// [`RepositoryIssue`](crate::repository_issue::RepositoryIssue)
        RepositoryIssue = "RepositoryIssue",
        /// [`Occurrence`](crate::repository_issue::Occurrence)
        Occurrence = "Occurrence",
        /// [`TeamMember`](crate::team_member::TeamMember)
        TeamMember = "TeamMember",
        /// [`User`](crate::team_member::User)
        User = "User",
    }
}
