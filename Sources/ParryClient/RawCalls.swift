extension ParryClient {
    /// Reads any path, with everything that a call has but its types: for members that this version does not know.
    ///
    /// - Parameter path: Such as `"/v1/alerts/\(id)"`, without a query.
    /// - Returns: The body of an answer of 2xx, as it came.
    public func read(_ path: RequestPath) async throws(ClientError) -> [UInt8] {
        try await caller.send(Call(method: .get, path: path)).answer.body
    }
}
