extension Dashboard {
    /// Every page and form, a table for each room of the dashboard.
    static let routes: [Route] = [
        SignInPages.routes,
        AccountPages.routes,
        ProfilePages.routes,
        OverviewPages.routes,
        AlertQueuePages.routes,
        OrderPages.routes,
        AuditPages.routes,
        RulesetPages.routes,
        WebhookPages.routes,
        AlertPage.routes,
        OrganisationPages.routes,
        MerchantPages.routes,
        IntegrationPages.routes,
        EnrolmentPages.routes,
        KeyPages.routes,
        PeoplePages.routes,
        SignOnPages.routes,
        InstallationPages.routes,
    ].flatMap(\.self)
}
