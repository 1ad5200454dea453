import ParryDomain
import ParryService
import ParryWire

/// Verifi's questions about RDR cases, and our answers (NETWORKS.md).
enum VerifiDecisions {
    /// Reads a question. What is missing is unknown to the rules: a question is answered as long as it can be told from
    /// others.
    ///
    /// - Parameter now: When the case is from, if it does not say.
    /// - Throws: ``NetworkFault`` that names the member.
    static func read(_ body: [UInt8], now: Timestamp) throws(NetworkFault) -> CaseQuestion {
        let root: JSONValue
        do throws(JSONError) {
            root = try JSONDocument.parse(body).root
        } catch {
            throw NetworkFault(sentence: "The body is not JSON: \(error.reason)")
        }
        let fields = MessageFields(value: root)
        let id: String
        do throws(MessageFields.Fault) {
            id = try fields.neededIdentifier("decisionId", 64)
        } catch {
            throw NetworkFault(sentence: error.sentence)
        }
        let money = try? (fields.part("caseAmount") ?? fields.part("transactionAmount"))?
            .amount("amount", "currency")
        return CaseQuestion(
            id: id,
            identifiers: NetworkCase.identifiers(
                acquirerBIN: try? fields.digits("acquirerBin", 6...8),
                cardAcceptorID: try? fields.identifier("cardAcceptorId", 40),
                acquirerReferenceNumber: try? fields.identifier("arn", 32)),
            subject: RuleSubject(
                amount: money?.0, currency: money?.1,
                descriptor: try? fields.text("paymentDescriptor", 255),
                time: (try? fields.time("caseDate")) ?? now))
    }

    /// The answer's body, which has no member besides those that the network knows.
    static func body(_ answer: CaseAnswer, to question: CaseQuestion) -> [UInt8] {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        json.field("decisionId", question.id)
        json.field("decision", answer.decision)
        json.field(
            "rulesetId", answer.origin == .ruleset ? answer.evaluation?.rulesetID.text : nil)
        json.endObject()
        return json.bytes
    }
}
