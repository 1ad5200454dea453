package import Hummingbird

/// What a request to the dashboard carries besides itself.
package struct DashboardContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The address of the browser, as far as proxies are believed; empty in tests without a socket.
    let client: String

    package init(source: ApplicationRequestContextSource) {
        self.init(coreContext: .init(source: source), client: "")
    }

    package init(coreContext: CoreRequestContextStorage, client: String) {
        self.coreContext = coreContext
        self.client = client
    }
}
