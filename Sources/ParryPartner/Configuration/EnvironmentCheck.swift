import ParryClient
import ParryWire

/// Looks whether an environment can work: the key, its mode, the clock, the secret. Changes nothing.
package struct EnvironmentCheck: Sendable {
    /// What was found.
    package struct Finding: Sendable, Hashable {
        package let isGood: Bool
        package let text: String
    }

    private let environment: PartnerEnvironment

    package init(_ environment: PartnerEnvironment) {
        self.environment = environment
    }

    /// All findings; the first bad one is the last.
    package func run() async throws -> [Finding] {
        var findings = [
            Finding(isGood: true, text: "the key comes from \(try environment.settings.key())")
        ]
        let organisation: Organisation?
        do throws(ClientError) {
            organisation = try await environment.client.organisations.list().first()
        } catch {
            return findings + [Finding(isGood: false, text: "\(error)")]
        }
        findings.append(Finding(isGood: true, text: "\(environment.settings.url) takes the key"))
        findings.append(mode(organisation))
        findings.append(clock())
        guard findings.allSatisfy(\.isGood) else { return findings }
        if environment.settings.secretSource != nil {
            findings.append(secret())
        }
        return findings
    }

    private func mode(_ organisation: Organisation?) -> Finding {
        let mode = environment.settings.mode
        guard let organisation else {
            return Finding(
                isGood: true, text: "the account has no organisation yet, so its mode is not known")
        }
        return Finding(
            isGood: organisation.mode == mode,
            text: organisation.mode == mode
                ? "the account is \(mode.rawValue)"
                : "the account is \(organisation.mode), and the environment says \(mode.rawValue): use the "
                    + "other account's key")
    }

    private func secret() -> Finding {
        do {
            let secret = try environment.settings.webhookSecret()
            return Finding(isGood: true, text: "the webhook secret comes from \(secret)")
        } catch {
            return Finding(isGood: false, text: "\(error)")
        }
    }

    private func clock() -> Finding {
        let offset = environment.client.clockOffsetSeconds ?? 0
        let isGood = abs(offset) < 60
        return Finding(
            isGood: isGood,
            text: isGood
                ? "this machine's clock agrees with the platform's"
                : "the platform's clock is \(abs(offset)) s \(offset > 0 ? "ahead of" : "behind") this "
                    + "machine's; set the clock (signatures are refused from 300 s on)")
    }
}
