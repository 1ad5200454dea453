import ArgumentParser
import Configuration

/// How a server is connected to the card networks.
struct NetworkOptions: ParsableArguments {
    @Option(help: "Where Ethoca takes requests of LIVE accounts. Default: not connected.")
    var ethocaURL: String?
    @Option(help: "Where Verifi takes requests of LIVE accounts. Default: not connected.")
    var verifiURL: String?
    @Option(help: "Where Ethoca, or the simulator, takes requests of TEST accounts.")
    var testEthocaURL: String?
    @Option(help: "Where Verifi, or the simulator, takes requests of TEST accounts.")
    var testVerifiURL: String?
    @Option(
        help: """
            The token that networks show when they send to LIVE accounts. Without it nothing of theirs \
            is taken. Better in the environment: PARRY_LIVE_NETWORK_TOKEN.
            """)
    var liveNetworkToken: String?
    @Option(help: "The same for TEST accounts (PARRY_TEST_NETWORK_TOKEN).")
    var testNetworkToken: String?
    @Option(help: "Shown to the networks of LIVE accounts as a bearer token.")
    var liveNetworkKey: String?
    @Option(help: "Shown to the networks of TEST accounts as a bearer token.")
    var testNetworkKey: String?
    @Option(help: "Certificates (PEM) to trust at the networks besides the system's.")
    var networkCAFile: String?
    @Option(help: "Take the networks' messages on a port of their own, and not on the API's.")
    var networkPort: Int?
    @Option(help: "The address of the network port. Default: that of the API.")
    var networkHost: String?
    @Option(
        help: """
            On the network port ask for client certificates of these authorities (PEM); needs \
            --tls-certificate.
            """)
    var networkClientCAFile: String?

    @Option(
        help: """
            What Verifi is answered about an RDR case when it cannot be decided in time: accept, which refunds, \
            or decline. Default: accept.
            """)
    var rdrFallback: String?
    @Option(help: "Milliseconds in which an RDR case is decided, 50 to 10000. Default: 1000.")
    var rdrDecisionMilliseconds: Int?

    /// Those that were given.
    var values: [String: ConfigValue?] {
        [
            "ethoca-url": .init(ethocaURL), "verifi-url": .init(verifiURL),
            "test-ethoca-url": .init(testEthocaURL), "test-verifi-url": .init(testVerifiURL),
            "live-network-token": .init(liveNetworkToken),
            "test-network-token": .init(testNetworkToken),
            "live-network-key": .init(liveNetworkKey), "test-network-key": .init(testNetworkKey),
            "network-ca-file": .init(networkCAFile), "network-port": .init(networkPort),
            "network-host": .init(networkHost), "rdr-fallback": .init(rdrFallback),
            "rdr-decision-milliseconds": .init(rdrDecisionMilliseconds),
            "network-client-ca-file": .init(networkClientCAFile),
        ]
    }
}
