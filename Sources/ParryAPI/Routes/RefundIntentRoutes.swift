import HTTPTypes
import ParryDomain
import ParryService
import ParryStore
import ParryWire

/// `/v1/refund-intents` (amendment 8).
struct RefundIntentRoutes: Sendable {
    let service: RefundIntentService

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, path, .refundsRead, .any, list)
                .lists(
                    RefundIntentService.IntentView.self, "List refund intents", by: Parameters.all),
            Endpoint(.post, path, .refundsWrite, .any, create)
                .changes(
                    RefundIntentService.Answer.self, "Ask whether a refund is safe",
                    by: RefundIntentRequest.create,
                    refusing: [.refundCurrencyDiffers, .transactionAmountUnknown]
                )
                .noting(
                    """
                    Ask before money moves. `SAFE` reserves the amount until `expires_at`, 15 minutes from now unless
                    `expires_in_seconds` says otherwise: refund, then commit, or release. Any other outcome reserves
                    nothing and tells what is left and who refunded: the order, another intent, the network itself
                    (Verifi RDR), or an alert's action. A refund that is told several times counts once. A refund
                    whose amount in the transaction's currency is not known counts as all of it. Beyond the original.
                    """),
            Endpoint(.get, item, .refundsRead, .any, find)
                .shows(RefundIntentService.IntentView.self, "Read a refund intent"),
            Endpoint(.post, item + "/commit", .refundsWrite, .any, commit)
                .changes(
                    RefundIntentService.IntentView.self, "Tell that a refund was made",
                    by: RefundIntentRequest.commit,
                    refusing: [.refundIntentEnded, .refundReferenceTaken]
                )
                .noting(
                    """
                    With the reference that the order's refund has or will have: the two are one refund then. An
                    expired intent can be committed still, since money that moved has moved. Beyond the original.
                    """),
            Endpoint(.post, item + "/release", .refundsWrite, .any, release)
                .changes(
                    RefundIntentService.IntentView.self, "Tell that a refund was not made",
                    refusing: [.refundIntentEnded]),
        ]
    }

    private enum Parameters {
        static let organisationID = Parameter<OrganisationID?>.organisationID
        static let integrationID = Parameter<IntegrationID?>.id("integration_id")
        static let reference = Parameter<String?>.text("transaction_reference_id")
        static let all = [
            organisationID.declaration, integrationID.declaration, reference.declaration,
        ]
    }

    private var path: String { "/v1/refund-intents" }
    private var item: String { path + "/{refund_intent_id}" }

    private func list(_ call: Call) async throws -> Answer {
        let query = try call.query()
        var filter = RefundIntentStore.Filter()
        filter.organisationID = try query[Parameters.organisationID]
        filter.integrationID = try query[Parameters.integrationID]
        filter.reference = try query[Parameters.reference]
        let page = try query.page()
        return .ok(
            try await service.list(filter, page: page, by: call.principal, now: call.now).json)
    }

    private func create(_ call: Call) async throws -> Answer {
        let body = try await RefundIntentRequest.create.decode(call.body())
        return try await call.changing {
            try await service.create(body, by: call.principal, now: call.now)
        }
    }

    private func find(_ call: Call) async throws -> Answer {
        .ok(try await service.find(id(call), by: call.principal, now: call.now).json())
    }

    private func commit(_ call: Call) async throws -> Answer {
        let id = try id(call)
        _ = try await service.find(id, by: call.principal, now: call.now)
        let body = try await RefundIntentRequest.commit.decode(call.body())
        let reference = body[RefundIntentRequest.refundReferenceID]
        return try await call.changing {
            try await service.commit(id, reference: reference, by: call.principal, now: call.now)
        }
    }

    private func release(_ call: Call) async throws -> Answer {
        let id = try id(call)
        return try await call.changing {
            try await service.release(id, by: call.principal, now: call.now)
        }
    }

    private func id(_ call: Call) throws -> RefundIntentID { try call.id("refund intent") }
}
