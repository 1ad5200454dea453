import ParryClient
import ParryWire

extension AcceptanceRun {
    /// What the platform itself refuses, and what only a server in trouble answers, played on this machine.
    func errorsAreHandled() async throws -> [String] {
        var evidence = [
            try await expect(401, .unauthorised, "a wrong key") {
                let stranger = try self.other(key: "cbs_wrong")
                _ = try await stranger.organisations.list().first()
            },
            try await expect(404, .notFound, "an unknown organisation") {
                _ = try await self.client.organisations.get(OrganisationID(stored: "org_unknown"))
            },
            try await expect(422, .validationError, "an organisation without a name") {
                _ = try await self.client.organisations.create(name: "")
            },
        ]
        evidence += try await TroubleServer.during { url in
            let client = try self.client(of: url)
            return [
                try await self.expect(403, .forbidden, "a key without the ability (played)") {
                    _ = try await client.organisations.get(OrganisationID(stored: "org_403"))
                },
                try await self.recovers(client, "org_429", "429 with Retry-After (played)"),
                try await self.recovers(client, "org_503", "503 twice (played)"),
            ]
        }
        return evidence
    }

    private func expect(
        _ status: Int, _ code: ErrorCode, _ what: String,
        _ call: @escaping @Sendable () async throws -> Void
    ) async throws -> String {
        do {
            try await call()
        } catch let error as ClientError {
            guard let refusal = error.refusal, refusal.status == status, refusal.code == code
            else { throw error }
            return "\(what): \(status) \(refusal.code), told as: \(refusal.advice)"
        }
        throw PartnerError("\(what) was not refused with \(status) \(code.rawValue)")
    }

    private func recovers(
        _ client: ParryClient, _ id: String, _ what: String
    ) async throws -> String {
        let organisation = try await client.organisations.get(OrganisationID(stored: id))
        return "\(what): sent again, and answered (\(organisation.id))"
    }

    private func other(key: String) throws -> ParryClient {
        var configuration = ClientConfiguration(baseURL: environment.settings.url, key: key)
        configuration.retry = .never
        return try ParryClient(configuration, http: environment.http)
    }

    private func client(of url: String) throws -> ParryClient {
        var configuration = ClientConfiguration(baseURL: url, key: "cbs_played")
        configuration.retry.firstDelayMilliseconds = 10
        return try ParryClient(configuration, http: environment.http)
    }
}
