/// Bodies of `/v2/enrolments` (CONTRACT.md 7.1). The configuration of the other type is ignored
/// (21, row 22), hence a schema for each type; ``type(of:)`` says which one applies.
public enum EnrolmentRequest {
    public static let merchantIDs = Field.identifiers(
        "merchant_ids", RequestLimits.merchants, .required)
    public static let type = Field.word("type", words(EnrolmentType.self), .required)
    public static let ethocaAlert = Field.object("ethoca_alert", ethocaSchema)
    public static let verifiRDR = Field.object("verifi_rdr", verifiSchema)

    public static let descriptors = Field.list(
        "descriptors", descriptorSchema, RequestLimits.descriptors, key: nil, .required)
    public static let descriptor = Field.phrase("descriptor", 1...250, .required)
    /// Free here, because another word is the business error `INVALID_MATCH_TYPE`.
    public static let matchType = Field.known(
        "match_type", words(DescriptorMatchType.self), .required)

    /// Free here, because a wrong format is the business error `INVALID_VERIFI_RDR_CONFIG`.
    public static let bin = Field.identifier("bin", 0...250)
    public static let caid = Field.identifier("caid", 0...250)
    public static let arns = Field.strings(
        "arns", of: .identifier(0...250), RequestLimits.arns)

    static let descriptorSchema = ObjectSchema(
        "EnrolmentDescriptor", [descriptor.declaration, matchType.declaration])
    static let ethocaSchema = ObjectSchema("EthocaAlertConfiguration", [descriptors.declaration])
    static let verifiSchema = ObjectSchema(
        "VerifiRDRConfiguration", [bin.declaration, caid.declaration, arns.declaration])

    static let common = ObjectSchema(
        "EnrolmentCreate", [merchantIDs.declaration, type.declaration])
    static let ethoca = ObjectSchema(
        "EthocaAlertEnrolmentCreate",
        [merchantIDs.declaration, own(.ethocaAlert), ethocaAlert.declaration])
    static let verifi = ObjectSchema(
        "VerifiRDREnrolmentCreate",
        [merchantIDs.declaration, own(.verifiRDR), verifiRDR.declaration])
    /// The schemas of ``decode(_:)``, one for each type.
    public static let createSchemas = [ethoca, verifi]

    /// In the deprecated `/v1/enrolments` one merchant stands in place of `merchant_ids`.
    public static let merchantID = Field.identifier(
        "merchant_id", RequestLimits.reference, .required)
    static let commonV1 = ObjectSchema(
        "EnrolmentCreateV1", [merchantID.declaration, type.declaration])
    static let ethocaV1 = ObjectSchema(
        "EthocaAlertEnrolmentCreateV1",
        [merchantID.declaration, own(.ethocaAlert), ethocaAlert.declaration])
    static let verifiV1 = ObjectSchema(
        "VerifiRDREnrolmentCreateV1",
        [merchantID.declaration, own(.verifiRDR), verifiRDR.declaration])
    /// The schemas of ``decodeV1(_:)``, one for each type.
    public static let createSchemasV1 = [ethocaV1, verifiV1]

    /// The type in the schema that is for this type alone.
    private static func own(_ type: EnrolmentType) -> FieldDeclaration {
        Field.word("type", [type.rawValue], .required).declaration
    }

    /// Decodes a create body by the schema of its own type.
    ///
    /// - Throws: As ``ObjectSchema/decode(_:)``; an unreadable type is reported beside the other members.
    public static func decode(_ bytes: [UInt8]) throws(RequestFailure) -> RequestObject {
        switch try type(of: bytes) {
        case .ethocaAlert: try ethoca.decode(bytes)
        case .verifiRDR: try verifi.decode(bytes)
        case nil: try common.decode(bytes)
        }
    }

    /// The same for the deprecated `/v1/enrolments`.
    ///
    /// - Throws: As ``decode(_:)``.
    public static func decodeV1(_ bytes: [UInt8]) throws(RequestFailure) -> RequestObject {
        switch try type(of: bytes) {
        case .ethocaAlert: try ethocaV1.decode(bytes)
        case .verifiRDR: try verifiV1.decode(bytes)
        case nil: try commonV1.decode(bytes)
        }
    }

    private static func type(of bytes: [UInt8]) throws(RequestFailure) -> EnrolmentType? {
        do throws(JSONError) {
            let word = try JSONDocument.parse(bytes).root["type"]?.string
            return word.flatMap(EnrolmentType.init(rawValue:))
        } catch {
            throw .malformed(error)
        }
    }
}
