import HTTPTypes
import Hummingbird
import ParryWire

/// `/ledger` and `/health`: what the networks saw.
///
/// * `GET /ledger?kind=&network=&subject=&alertId=&after=&limit=`: one page, oldest first; `next`
///   is the `after` of the next page, null on the last. Entries that have left memory are in the
///   ledger file alone.
/// * `GET /ledger/summary`: counts, outcomes, faults, and what went wrong.
/// * `GET /ledger/alerts/{id}`: the fate of one alert, with its entries.
struct LedgerRoutes: Sendable {
    let desk: NetworkDesk

    func add(to router: Router<NetworkContext>) {
        router.get("/health") { _, _ in
            Response(.object { $0.field("status", "live") })
        }
        router.get("/ledger") { request, _ in Response(page(request)) }
        router.get("/ledger/summary") { _, _ in Response(desk.read { $0.summary }) }
        router.get("/ledger/alerts/:id") { _, context in
            let id = context.parameters.get("id") ?? ""
            return Response(desk.read { $0.fate(ofAlert: id) })
        }
    }

    private func page(_ request: Request) -> NetworkAnswer {
        var faults: [String] = []
        let query = Self.query(request, &faults)
        guard faults.isEmpty else { return .errors(faults) }
        let (entries, next) = desk.read { $0.ledger.page(query) }
        return .object { json in
            json.key("entries")
            json.beginArray()
            for entry in entries { entry.write(into: &json) }
            json.endArray()
            json.field("next", next)
        }
    }

    private static func query(_ request: Request, _ faults: inout [String]) -> LedgerQuery {
        let given = request.uri.queryParameters
        var query = LedgerQuery()
        if let word = given["kind"] {
            query.kind = LedgerEntry.Kind(rawValue: String(word))
            if query.kind == nil { faults.append("kind is no kind of entry") }
        }
        if let word = given["network"] {
            query.network = LedgerEntry.Network(rawValue: String(word))
            if query.network == nil { faults.append("network is none of ETHOCA, VERIFI") }
        }
        query.subject = (given["alertId"] ?? given["subject"]).map(String.init)
        query.after = number(given["after"], 0...Int64.max, 0, "after", &faults)
        let most = Int64(SimulatorLimits.ledgerPageMax)
        query.limit = Int(number(given["limit"], 1...most, 100, "limit", &faults))
        return query
    }

    private static func number(
        _ text: Substring?, _ range: ClosedRange<Int64>, _ standard: Int64, _ name: String,
        _ faults: inout [String]
    ) -> Int64 {
        guard let text else { return standard }
        if let number = Int64(text), range.contains(number) { return number }
        faults.append("\(name) has to be a number from \(range.lowerBound) to \(range.upperBound)")
        return standard
    }
}
