/** The namespace of the scenarios' objects. */
export const NAMESPACE = 'shop';
/** Where the operator works when nothing else is said. */
export const REGION = 'eu-central-1';
