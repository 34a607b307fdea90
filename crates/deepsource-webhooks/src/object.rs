//! What all objects have: an id and the name of their type.

webhook_core::text_id! {
    /// The id of an object in DeepSource: opaque text.
    ///
    /// **Trap:** it looks like base64 and decodes to names that differ from the public ones, so there is nothing to
    /// read in it.
    pub struct NodeId;

    /// The id of an analysis run or of an Autofix run, as it stands in the dashboard's addresses.
    ///
    /// **Trap:** it is a UUID in practice, but the vendor's own samples hold texts that are none, so it is not parsed.
    pub struct RunUid;
}

webhook_core::vocabulary! {
    /// The type of an object, as it names itself in its key `object`.
    ///
    /// What an object is follows from where it stands, so decoding does not look at this.
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
