// How does a part of a page come anew? As a server-rendered fragment, so that permission is asked each time.

const NOT_TAKEN = [400, 409];
const UNREACHED = "The server cannot be reached. Check the network; this page keeps trying.";
const UNSENT = "The server cannot be reached, and this may not have been taken. Check the network, then press it again.";

/** The server said no, or could not be reached; `message` is a sentence for the person. */
export class FragmentError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** Fetches the fragment at `url` (or what the form with this `data` is answered with) as text. Throws FragmentError. */
export async function fetchFragment(url, data = null) {
  const request = { headers: { "X-Requested-With": "fetch" }, redirect: "manual", cache: "no-store" };
  if (data) Object.assign(request, { method: "POST", body: new URLSearchParams(data) });
  let response;
  try {
    response = await fetch(url, request);
  } catch {
    throw new FragmentError(data ? UNSENT : UNREACHED, 0); // a form is never sent again without the person
  }
  if (response.type === "opaqueredirect") {
    location.reload(); // signed out: the page itself leads to the sign-in page
    throw new FragmentError("You have been signed out.", 401);
  }
  const isHtml = response.headers.get("Content-Type")?.startsWith("text/html");
  // A form that was not taken comes back as the fragment it stands in, with what is wrong written in it.
  if (response.ok || (data && isHtml && NOT_TAKEN.includes(response.status))) return response.text();
  throw new FragmentError(await sentence(response), response.status);
}

async function sentence(response) {
  const fallback = `The server answered ${response.status}. Reload the page; if it stays so, tell your administrator.`;
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) return fallback;
  const body = await response.json();
  return body.message ?? fallback;
}
