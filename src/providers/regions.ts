/** Cloud regions, enumerated: a wildcard over a whole cloud would cover far more than its models. */

/** Regions of Amazon Bedrock's run-time endpoints (AWS general reference, "Amazon Bedrock endpoints and quotas"). */
const awsRegions =
  'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 mx-central-1 sa-east-1 eu-central-1 eu-central-2 ' +
  'eu-west-1 eu-west-2 eu-west-3 eu-north-1 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 af-south-1 ' +
  'ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ' +
  'ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 us-gov-east-1 us-gov-west-1';

/** Regions of Vertex AI's generative endpoints (Google Cloud documentation, "Generative AI locations"). */
const googleRegions =
  'us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4 ' +
  'northamerica-northeast1 northamerica-northeast2 southamerica-east1 southamerica-west1 ' +
  'europe-central2 europe-north1 europe-southwest1 europe-west1 europe-west2 europe-west3 europe-west4 europe-west6 ' +
  'europe-west8 europe-west9 europe-west12 asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 ' +
  'asia-south1 asia-southeast1 asia-southeast2 australia-southeast1 australia-southeast2 ' +
  'me-central1 me-central2 me-west1 africa-south1';

/** Hosts of Amazon Bedrock's run-time. */
export const bedrockHosts: readonly string[] = awsRegions
  .split(' ')
  .map((region) => `bedrock-runtime.${region}.amazonaws.com`);

/** Hosts of Vertex AI. */
export const vertexHosts: readonly string[] = [
  'aiplatform.googleapis.com',
  ...googleRegions.split(' ').map((region) => `${region}-aiplatform.googleapis.com`),
];
