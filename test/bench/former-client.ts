// How this client uploaded before it asked for many tickets at once, as far as the bench compares it: each file a ticket of
// its own, asked for as JSON, so that a page of another origin asks first whether it may; and the progress of every form
// listened to, so that it asks Cloudinary first too. Three files at a time, as now.

async function upload(file: File, signer: string): Promise<void> {
  const answer = await fetch(`${signer}/sign`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ params: {} }),
  });
  const { url, fields } = (await answer.json()) as { url: string; fields: Record<string, string> };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file, file.name);
  const request = new XMLHttpRequest();
  await new Promise<void>((resolve, reject) => {
    request.open("POST", url);
    request.upload.onprogress = () => {};
    request.onload = () => (request.status === 200 ? resolve() : reject(new Error(request.responseText)));
    request.onerror = () => reject(new Error("no answer"));
    request.send(form);
  });
}

export async function uploadFormerly(files: readonly File[], signer: string): Promise<void> {
  const waiting = [...files];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await upload(file, signer);
  };
  await Promise.all([1, 2, 3].map(work));
}
