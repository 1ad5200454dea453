import ArgumentParser
import Configuration

/// Options of the commands that send webhooks.
struct SendingOptions: ParsableArguments {
    @Flag(help: "Send webhooks to private addresses too. For development.")
    var allowPrivateWebhookTargets = false
    @Option(help: "Certificates to trust besides the system's when sending webhooks (PEM).")
    var webhookCaFile: String?
    @Option(help: "Ports that webhooks may be sent to. Default: 443,1024-65535.")
    var webhookPorts: String?
    @Option(
        help: """
            Send webhooks through this proxy, http://[USER:PASSWORD@]HOST:PORT, which then looks names up \
            and judges their addresses.
            """)
    var webhookProxy: String?

    var values: [String: ConfigValue?] {
        [
            "allow-private-webhook-targets": .init(allowPrivateWebhookTargets),
            "webhook-ca-file": .init(webhookCaFile), "webhook-ports": .init(webhookPorts),
            "webhook-proxy": .init(webhookProxy),
        ]
    }
}
