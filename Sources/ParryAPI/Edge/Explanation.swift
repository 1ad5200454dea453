package import HTTPTypes
import ParryWire

/// What the API says of an error, for who says it in another form than JSON: the dashboard's pages.
package struct Explanation: Sendable {
    package let status: HTTPResponse.Status
    /// Stable, as in the API's answers.
    package let code: String
    package let message: String

    /// nil for what is no caller's doing.
    package init?(of error: any Error) {
        let problem = Problem(error)
        let isOverload = problem.status == .serviceUnavailable
        guard problem.status.kind == .clientError || isOverload else { return nil }
        status = problem.status
        code = problem.code.rawValue
        message = ([problem.message] + problem.errors.map { "\($0.field) \($0.message)." })
            .joined(separator: " ")
    }
}
